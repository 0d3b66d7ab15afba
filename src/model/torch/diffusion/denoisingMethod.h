#pragma once

#include <string>
#include <vector>

namespace surrogate
{

//- What a denoising network sees and predicts. Its input is, in this order, a clean past frame where it has one, the condition
//  (the frame one model step before) where it has one, and the noised state; it predicts the noise of the state and, where
//  that is noised, before it that of the condition.
struct DenoisingMethod
{
    enum class Condition
    {
        none,
        noised,        //!< at a level of its own
        noisedAlike,   //!< at the state's level
        clean
    };

    Condition condition = Condition::none;
    bool invariant = false;   //!< past frame: any sample of the invariant measure
    bool lagged = false;      //!< past frame: the state some steps ago; the network is told how many
    int heads = 0;            //!< that estimate the levels of the condition (where 2) and of the state
    bool told = false;        //!< the network is told the level instead
    bool increment = false;   //!< what is denoised is not the state but its change since the condition
    bool velocity = false;    //!< the network predicts v = alpha noise - sigma state (Salimans and Ho 2022), not the noise

    bool past() const { return invariant || lagged; }
    bool conditioned() const { return condition != Condition::none; }
    bool conditionNoised() const { return condition == Condition::noised || condition == Condition::noisedAlike; }

    //- Frames in and out of the network
    int inputs() const { return past() + conditioned() + 1; }
    int outputs() const { return conditionNoised() + 1; }

    //- sns, snsLagged, thermalizer, acdm, cleanCondition, pdeRefiner; null for another name. To add one: a line in the table.
    static const DenoisingMethod* find(const std::string& name);
    static std::vector<std::string> names();
};

} // namespace surrogate
